"""Signatures of a small folder, made by the real model_signing: `python signatures.py`, in an environment with model-signing==1.1.1 and pyopenssl.

Keys are drawn anew and thrown away; only the public ones are written.
"""

import base64
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from model_signing import hashing, signing

HERE = Path(__file__).parent
OUT = HERE / "signatures"
CURVES = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}
TYPE = "application/vnd.in-toto+json"


def write_key(name: str, curve: ec.EllipticCurve, keys: Path) -> Path:
    """Write the public key to the golden files, and the private one to a folder that goes."""
    key = ec.generate_private_key(curve)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (OUT / f"{name}.pem").write_bytes(public)
    path = keys / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


def sign(model: Path, key: Path, name: str, config: hashing.Config) -> None:
    """Sign the folder as the command line of model_signing does."""
    signing.Config().use_elliptic_key_signer(private_key=key).set_hashing_config(config).sign(
        model, OUT / f"{name}.sig"
    )


def usual(*ignored: str) -> hashing.Config:
    """Return what the command line hashes by: what git keeps and the signature are left out."""
    paths = ["model.sig", ".git", ".gitattributes", ".github", ".gitignore", *ignored]
    return hashing.Config().set_ignored_paths(paths=[Path(path) for path in paths], ignore_git_paths=False)


def write_forged(key: Path) -> None:
    """Write what model_signing does not make: the right key signs another statement."""
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    bundle = json.loads((OUT / "p256.sig").read_text())
    statement = json.loads(base64.b64decode(bundle["dsseEnvelope"]["payload"]))

    def write(name: str, changed: dict[str, object]) -> None:
        payload = json.dumps(changed).encode()
        encoded = b"DSSEv1 %d %s %d %s" % (len(TYPE), TYPE.encode(), len(payload), payload)
        signature = private.sign(encoded, ec.ECDSA(hashes.SHA256()))
        bundle["dsseEnvelope"]["payload"] = base64.b64encode(payload).decode()
        bundle["dsseEnvelope"]["signatures"] = [{"sig": base64.b64encode(signature).decode(), "keyid": ""}]
        (OUT / f"{name}.sig").write_text(json.dumps(bundle))

    predicate = statement["predicate"]
    resources = predicate["resources"]
    outside = [{**resources[0], "name": "../model.onnx"}, *resources[1:]]
    digest = hashlib.sha256(b"".join(bytes.fromhex(one["digest"]) for one in resources * 2)).hexdigest()
    write("other-predicate", {**statement, "predicateType": "https://slsa.dev/provenance/v1"})
    write("outside", {**statement, "predicate": {**predicate, "resources": outside}})
    write("other-subject", {**statement, "subject": [{"name": "model", "digest": {"sha256": "0" * 64}}]})
    write(
        "twice",
        {
            **statement,
            "subject": [{"name": "model", "digest": {"sha256": digest}}],
            "predicate": {**predicate, "resources": resources * 2},
        },
    )


def main() -> None:
    """Write all signatures of the folder `signatures/model`."""
    model = OUT / "model"
    shutil.copy(HERE / "tabular" / "sklearn-forest-numbers.onnx", model / "forest.onnx")
    (model / "labels.json").write_text('["no", "yes"]\n')
    with tempfile.TemporaryDirectory() as folder:
        keys = {name: write_key(name, curve, Path(folder)) for name, curve in CURVES.items()}
        for name, key in keys.items():
            sign(model, key, name, usual())
        key = keys["p256"]
        sign(model, key, "ignoring", usual("labels.json"))
        sign(model, key, "blake2", usual().use_file_serialization(hashing_algorithm="blake2"))
        sign(model, key, "shards", usual().use_shard_serialization())
        sign(model / "forest.onnx", key, "single", usual())
        write_forged(key)


if __name__ == "__main__":
    main()
