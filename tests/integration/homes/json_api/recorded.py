"""Answers of three systems, in the shapes that their documentation and their sources give. None of them was asked."""

from typing import Any

TRIBE = {  # The Events Calendar 6, src/Tribe/REST/V1/Post_Repository.php
    "id": 17,
    "status": "publish",
    "url": "https://www.example.org/event/how-waves-travel/",
    "rest_url": "https://www.example.org/wp-json/tribe/events/v1/events/17",
    "title": "How waves travel &#8211; and stop",
    "description": "<p>A lecture.</p>\n",
    "all_day": False,
    "start_date": "2027-04-03 14:30:00",
    "end_date": "2027-04-03 15:45:00",
    "utc_start_date": "2027-04-03 12:30:00",
    "utc_end_date": "2027-04-03 13:45:00",
    "timezone": "Europe/Zurich",
    "hide_from_listings": False,
    "categories": [{"id": 4, "name": "Public lectures", "slug": "public-lectures"}],
    "tags": [],
    "venue": {"id": 5, "venue": "Great Hall", "city": "Geneva"},
    "organizer": [{"id": 6, "organizer": "WSIS"}],
}
WORDPRESS = {  # the same event at wp/v2/tribe_events/17?context=edit
    "id": 17,
    "status": "publish",
    "content": {"raw": "<!-- wp:paragraph -->\n<p>A lecture.</p>\n<!-- /wp:paragraph -->", "protected": False},
    "_links": {"wp:action-unfiltered-html": [{"href": "https://www.example.org/wp-json/wp/v2/tribe_events/17"}]},
}


def make_tribe_page(url: str, page: int) -> dict[str, Any]:
    """Make one of two pages of the list."""
    following = {"next_rest_url": f"{url}/wp-json/tribe/events/v1/events/?page=2&per_page=50"} if page == 1 else {}
    event = TRIBE if page == 1 else {**TRIBE, "id": 18, "venue": [], "organizer": [], "categories": []}
    return {"events": [event], "rest_url": url, "total": 2, "total_pages": 2, **following}


NODE = {  # Drupal 10 and 11, core/modules/jsonapi
    "type": "node--event",
    "id": "0f5e8c1e-6a3f-4a51-9d0b-6f0c8f1c7d11",
    "attributes": {
        "drupal_internal__nid": 17,
        "drupal_internal__vid": 40,
        "status": True,
        "title": "How waves travel",
        "changed": "2027-03-01T09:00:00+00:00",
        "path": {"alias": "/events/how-waves-travel", "pid": 9, "langcode": "en"},
        "body": {"value": "<p>A lecture.</p>", "format": "basic_html", "processed": "<p>A lecture.</p>", "summary": ""},
        "field_date": {"value": "2027-04-03T14:30:00+02:00", "end_value": "2027-04-03T15:45:00+02:00"},
        "field_venue": "Great Hall",
        "field_speakers": ["Mei Lin Fung"],
        "field_recording": [{"uri": "https://files.example.org/programme", "title": "Programme", "options": []}],
    },
    "relationships": {
        "field_category": {"data": [{"type": "taxonomy_term--category", "id": "a"}]},
        "uid": {"data": {"type": "user--user", "id": "b"}},
    },
}
TERMS = [
    {"type": "taxonomy_term--category", "id": "other", "attributes": {"name": "Somebody else's"}},
    {"type": "taxonomy_term--category", "id": "a", "attributes": {"name": "Public lectures"}},
]

GOOGLE = {  # Calendar API v3, reference of Events
    "kind": "calendar#event",
    "etag": '"3181161784712000"',
    "id": "7tr5s0e3q9k1",
    "status": "confirmed",
    "htmlLink": "https://www.google.com/calendar/event?eid=N3Ry",
    "summary": "How waves travel",
    "description": "A lecture.<br>With tea.",
    "location": "Great Hall",
    "organizer": {"email": "events@group.calendar.google.com", "displayName": "Public lectures", "self": True},
    "start": {"dateTime": "2027-04-03T14:30:00+02:00", "timeZone": "America/New_York"},
    "end": {"dateTime": "2027-04-03T15:45:00+02:00", "timeZone": "America/New_York"},
    "visibility": "public",
    "attachments": [
        {
            "fileUrl": "https://files.example.org/programme",
            "title": "Programme",
            "mimeType": "text/html",
            "iconLink": "https://files.example.org/icon",
            "fileId": "",
        }
    ],
}
WHOLE_DAY = {**GOOGLE, "id": "whole", "start": {"date": "2027-04-03"}, "end": {"date": "2027-04-04"}}
