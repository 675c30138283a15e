"""Networks: many series at once. ``batch`` holds the kernel; it needs pyarrow, which nothing else may load."""
