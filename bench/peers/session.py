"""What all of the Python servers share: the session, opened as Gantry opens it."""

import os

os.environ.setdefault('ORT_DISABLE_TELEMETRY', '1')  # has to be set before onnxruntime is imported

import onnxruntime


def open_session():
    """The model named by MODEL_PATH, with THREADS threads for one run."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ['THREADS'])
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(os.environ['MODEL_PATH'], options, providers=['CPUExecutionProvider'])


def output_names(session):
    return [output.name for output in session.get_outputs()]
