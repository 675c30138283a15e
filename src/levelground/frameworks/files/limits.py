"""How big a framework file may be. Generous for people, tight enough that no file can fill the machine."""

MAX_INDICATORS = 20_000
MAX_BYTES = 32 * 1024 * 1024  # 20,000 indicators in two languages are about 22 MB of YAML
MAX_DEPTH = 16  # a framework is 10 deep
MAX_VALUES = 1_200_000  # 20,000 indicators have about 300,000
MAX_TEXT = 4_000  # as in schema.json
MAX_SCALAR = 10_000  # longer than the longest text, so that the message can say by how much
