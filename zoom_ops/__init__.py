"""Event records go in; Zoom webinars, seated speakers and recording links on the event page come out."""

__version__ = "0.1.0"
