"""The only way from a page or an API call to a workflow."""
