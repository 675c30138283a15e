"""Files of many series → files of answers, for ``levelground analyse``. Needs pyarrow: only the command imports it."""
