"""The API's own problem codes; everything else it answers with belongs to the room that refused."""

from bulou.kernel.problems import Entry

PROBLEMS = {
    "api.unauthorised": Entry(401, "A valid device or service token is needed."),
    "api.not_there": Entry(404, "There is nothing here, or it is not yours to see."),
    "api.method": Entry(405, "This address does not know that method."),
    "api.invalid": Entry(400, "The request cannot be read: %(why)s"),
    "api.impossible": Entry(
        400, "Something in it cannot be: a sign that no text can hold, or a day far from our time."
    ),
    "api.unreadable": Entry(400, "The body cannot be read: %(why)s"),
    "api.too_large": Entry(413, "The body is larger than %(limit)s bytes."),
    "api.media_type": Entry(415, "This content type or encoding is not understood."),
    "api.busy": Entry(503, "Too much is arriving just now. Keep the records and try again."),
    "api.away": Entry(503, "The database cannot be reached. Keep the records and try again."),
    "api.fault": Entry(500, "Something went wrong in the server. Nothing was stored; it is logged."),
    "api.no_report": Entry(404, "There is no such report."),
}
