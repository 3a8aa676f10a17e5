"""Makes ONNX models smaller and faster, and measures that they are not worse."""
