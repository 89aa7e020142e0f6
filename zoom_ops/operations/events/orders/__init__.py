"""Orders of operators that reach Zoom: cancel an event, give it another time or host, send invitations again."""
