"""Writes the model of write_test.go by onnx's own library, in hexadecimal digits. Run by hand: python small.py > small.hex"""
import onnx
from onnx import TensorProto, helper

node = onnx.NodeProto(input=["x", "", "c"], output=["y"], name="y", op_type="Clip", doc_string="m.nn:2")
flag = TensorProto(dims=[1], data_type=TensorProto.BOOL, raw_data=b"\1")
for key, kind, value in [
    ("a", "INT", {"i": -1}), ("b", "FLOAT", {"f": 0.5}), ("c", "STRING", {"s": b"t"}), ("d", "INTS", {"ints": [0, 300]}),
    ("e", "FLOATS", {"floats": [1]}), ("f", "STRINGS", {"strings": [b"", b"u"]}), ("g", "TENSOR", {"t": flag}),
]:
    node.attribute.append(onnx.AttributeProto(name=key, type=onnx.AttributeProto.AttributeType.Value(kind), **value))
graph = onnx.GraphProto(name="M", doc_string="d", node=[node])
graph.initializer.append(helper.make_tensor("c", TensorProto.FLOAT, [], b"\0\0\0\x40", raw=True))
graph.initializer.append(helper.make_tensor("i", TensorProto.INT64, [2], b"\xff" * 8 + b"\5" + b"\0" * 7, raw=True))
graph.initializer.append(helper.make_tensor("s", TensorProto.STRING, [2], [b"", "é".encode()]))
graph.initializer.append(helper.make_tensor("d", TensorProto.DOUBLE, [0], b"", raw=True))
graph.input.append(helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", 3], doc_string="three"))
graph.output.append(helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", 3]))
graph.value_info.append(helper.make_tensor_value_info("z", TensorProto.INT64, []))
model = onnx.ModelProto(ir_version=8, producer_name="nnc", producer_version="1", doc_string="d", graph=graph)
model.opset_import.append(onnx.OperatorSetIdProto(version=17))
model.opset_import.append(helper.make_opsetid("ai.onnx.ml", 2))
model.metadata_props.append(onnx.StringStringEntryProto(key="k", value="v"))
digits = model.SerializeToString(deterministic=True).hex()
for at in range(0, len(digits), 120):
    print(digits[at : at + 120])
