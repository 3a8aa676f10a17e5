"""Makes ONNX models smaller and faster, and measures that they are not worse."""

import os

# onnxruntime would write files into the home folder and look up a host; it reads this when it is loaded.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
