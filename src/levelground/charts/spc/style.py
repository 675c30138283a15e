"""The style of a chart in a file of its own: the light colours of ui/sass/_tokens.scss (a test compares them).

The last named font is the one that PDF and PNG files are made with.
"""

STYLE = """
.lg-chart{font-family:system-ui,"Segoe UI","Liberation Sans","Source Sans Pro",sans-serif}
.lg-chart text{fill:#4b5a60;font-size:14px}.lg-chart--narrow text,.lg-chart--small text{font-size:12px}
.lg-chart path{fill:none}.lg-chart__paper{fill:#ffffff}
.lg-chart__grid{stroke:#dcd8ce;stroke-width:1}
.lg-chart__line{stroke:#1d2a2f;stroke-width:1.5;stroke-linejoin:round}
.lg-chart__centre{stroke:#4b5a60;stroke-width:2}
.lg-chart__upper,.lg-chart__lower{stroke:#66747a;stroke-width:1.5;stroke-dasharray:6 4}
.lg-chart__near-upper,.lg-chart__near-lower{stroke:#dcd8ce;stroke-width:1;stroke-dasharray:2 4}
.lg-chart__target{stroke:#7a3a8c;stroke-width:2;stroke-dasharray:2 3}
.lg-chart__edge,.lg-chart__note{stroke:#8f4a06;stroke-width:1.5;stroke-dasharray:3 3}
.lg-chart__note{stroke:#66747a;stroke-width:1}
.lg-chart .lg-chart__end--target{fill:#7a3a8c}.lg-chart .lg-chart__end--centre{fill:#1d2a2f;font-weight:600}
.lg-chart .lg-mark--common{fill:#66747a}.lg-chart .lg-mark--improvement{fill:#0b5f61}
.lg-chart .lg-mark--concern{fill:#b4520a}.lg-chart .lg-mark--neutral{fill:#5a4a9c}
.lg-chart .lg-mark--excluded{fill:#ffffff;stroke:#66747a;stroke-width:1.5}
.lg-chart .lg-mark--hidden{fill:#ffffff;stroke:#66747a;stroke-width:1.5;stroke-dasharray:2 2}
""".strip().replace("\n", "")

ICON_STYLE = """
.lg-icon path,.lg-icon circle{fill:none}
.lg-icon__ground{fill:#ffffff;stroke:#dcd8ce}
.lg-icon__line{stroke:#4b5a60;stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}
.lg-icon .lg-mark--common{fill:#66747a}.lg-icon .lg-mark--improvement{fill:#0b5f61}
.lg-icon .lg-mark--concern{fill:#b4520a}.lg-icon .lg-mark--neutral{fill:#5a4a9c}
.lg-icon__few{stroke:#66747a;stroke-width:1.5}.lg-icon__none{stroke:#66747a;stroke-width:1.5;stroke-dasharray:2 2}
.lg-icon__ring{stroke:#7a3a8c;stroke-width:2}.lg-icon__open{stroke:#7a3a8c;stroke-width:2;stroke-dasharray:2 3}
.lg-icon .lg-icon__dot{fill:#1d2a2f}
""".strip().replace("\n", "")
