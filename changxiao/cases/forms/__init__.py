"""案卷表单: the filter of a queue, a form for each verb from one builder, and the report's form."""
