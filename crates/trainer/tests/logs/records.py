"""Prints the values with which the tests of `src/logs/tensorboard` compare: a record, masked checksums, an event.

    pip install -r requirements.txt && python records.py
"""

import io

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c
from tensorboard.summary.writer.record_writer import RecordWriter

file = io.BytesIO()
RecordWriter(file).write(b"brain.Event:2")
record = file.getvalue()
print("length checksum", list(record[8:12]), "checksum", list(record[-4:]))

for name, text in [("zeros", bytes(32)), ("ff", b"\xff" * 32), ("digits", b"123456789")]:
    rotated = (masked_crc32c(text) - 0xA282EAD8) & 0xFFFFFFFF
    print(name, f"{rotated:08x}")

value = summary_pb2.Summary.Value(tag="loss", simple_value=0.25)
event = event_pb2.Event(wall_time=1.5, step=300, summary=summary_pb2.Summary(value=[value]))
print("event", event.SerializeToString().hex())
