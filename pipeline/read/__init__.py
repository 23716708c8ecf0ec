"""Document -> PlanDocument."""
