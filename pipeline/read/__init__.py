"""Document -> PlanDocument."""

from pipeline.read.document import read_plan

__all__ = ["read_plan"]
