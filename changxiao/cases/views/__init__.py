"""案卷页面: queue, case, the form of a verb, report, print, export. Each answers whole without
script; htmx fetches the same partials."""
