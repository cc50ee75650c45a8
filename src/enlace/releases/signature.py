"""Who signed: an Ed25519 key (RFC 8032) derived from the installation's master key, one for releases alone."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from enlace.base import keyring

PURPOSE = "releases.signature"


def sign(data: bytes) -> bytes:
    """The 64 bytes of the signature."""
    return _key().sign(data)


def public_key() -> str:
    """The key that checks it, in PEM: it goes with every release."""
    return _key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def is_signed(data: bytes, signature: bytes, pem: str) -> bool:
    """Whether the holder of the key signed exactly these bytes."""
    try:
        key = load_pem_public_key(pem.encode())
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keyring.derive(PURPOSE))
