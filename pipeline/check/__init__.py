"""PlanDocument -> findings: one function a rule, with code, severity and message."""
