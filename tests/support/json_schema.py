"""A validator of the part of JSON Schema that the application publishes; it refuses to ignore any other word."""

import re
from decimal import Decimal

NOT_CHECKED = {"$schema", "$defs", "title"}
TYPES = {
    "string": str,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
    "integer": int,
    "number": (int, Decimal),
}


def is_valid(data, schema, root=None):
    if isinstance(schema, bool):
        return schema
    root = root or schema
    if "if" in schema:
        schema = schema["then" if is_valid(data, schema["if"], root) else "else"]
    return all(holds(data, schema, word, root) for word in schema if word not in NOT_CHECKED)


def holds(data, schema, word, root):
    wanted = schema[word]
    return {
        "$ref": lambda: is_valid(data, root["$defs"][wanted.rpartition("/")[2]], root),
        "anyOf": lambda: any(is_valid(data, each, root) for each in wanted),
        "oneOf": lambda: sum(is_valid(data, each, root) for each in wanted) == 1,
        "type": lambda: isinstance(data, TYPES[wanted]) and (wanted == "boolean" or not isinstance(data, bool)),
        "enum": lambda: any(data == each and type(data) is type(each) for each in wanted),
        "const": lambda: data == wanted,
        "pattern": lambda: not isinstance(data, str) or re.search(wanted, data) is not None,
        "minLength": lambda: not isinstance(data, str) or len(data) >= wanted,
        "maxLength": lambda: not isinstance(data, str) or len(data) <= wanted,
        "minimum": lambda: not is_number(data) or data >= wanted,
        "maximum": lambda: not is_number(data) or data <= wanted,
        "exclusiveMinimum": lambda: not is_number(data) or data > wanted,
        "minItems": lambda: not isinstance(data, list) or len(data) >= wanted,
        "maxItems": lambda: not isinstance(data, list) or len(data) <= wanted,
        "items": lambda: not isinstance(data, list) or all(is_valid(each, wanted, root) for each in data),
        "prefixItems": lambda: (
            not isinstance(data, list)
            or all(is_valid(each, inner, root) for each, inner in zip(data, wanted, strict=False))
        ),
        "required": lambda: not isinstance(data, dict) or set(wanted) <= set(data),
        "minProperties": lambda: not isinstance(data, dict) or len(data) >= wanted,
        "maxProperties": lambda: not isinstance(data, dict) or len(data) <= wanted,
        "propertyNames": lambda: not isinstance(data, dict) or all(is_valid(key, wanted, root) for key in data),
        "properties": lambda: (
            not isinstance(data, dict) or all(is_valid(data[key], wanted[key], root) for key in wanted if key in data)
        ),
        "patternProperties": lambda: (
            not isinstance(data, dict)
            or all(
                is_valid(value, inner, root)
                for pattern, inner in wanted.items()
                for key, value in data.items()
                if re.search(pattern, key)
            )
        ),
        "additionalProperties": lambda: (
            not isinstance(data, dict) or all(is_valid(data[key], wanted, root) for key in further_keys(data, schema))
        ),
    }[word]()


def is_number(data):
    return isinstance(data, int | Decimal) and not isinstance(data, bool)


def further_keys(data, schema):
    patterns = schema.get("patternProperties", {})
    named = schema.get("properties", {})
    return [key for key in data if key not in named and not any(re.search(pattern, key) for pattern in patterns)]
