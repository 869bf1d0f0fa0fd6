"""A request sent well: tried again where that helps, and what its answer means."""
