"""Controls and pages of the practice Zoom."""
