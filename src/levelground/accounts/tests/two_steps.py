"""An authenticator app and a passkey made of software, for tests of two-step sign-in."""

import json

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from .conftest import soup

ORIGIN, HOST = "http://testserver", "testserver"
PRESENT_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


def code_for(secret):
    """What the app shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06}"


def add_app(client):
    """Set up an app as a person does; gives its secret."""
    page = soup(client.get("/account/2fa/totp/activate/"))
    secret = page.find(id="authenticator_secret").text
    answer = client.post("/account/2fa/totp/activate/", {"code": code_for(secret)})
    assert answer.status_code == 302, soup(answer).main.text
    return secret


class SoftKey:
    """A passkey in software: signs what a browser would hand to a phone or a small key."""

    def __init__(self, origin=ORIGIN):
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id, self.origin, self.user, self.count = b"a passkey of the tests", origin, "", 0

    def _answer(self, **response):
        coded = {name: websafe_encode(bytes(value)) for name, value in response.items()}
        identifier = websafe_encode(self.id)
        return json.dumps(
            {
                "id": identifier, "rawId": identifier, "type": "public-key", "response": coded,
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )  # fmt: skip

    def _client_data(self, kind, options):
        return CollectedClientData.create(type=kind, challenge=options["publicKey"]["challenge"], origin=self.origin)

    def create(self, options):
        self.user = options["publicKey"]["user"]["id"]
        data = AttestedCredentialData.create(
            b"\0" * 16, self.id, ES256.from_cryptography_key(self.private.public_key())
        )
        flags = PRESENT_AND_VERIFIED | AuthenticatorData.FLAG.AT
        auth_data = AuthenticatorData.create(sha256(HOST.encode()), flags, 0, data)
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", options),
            attestationObject=AttestationObject.create("none", auth_data, {}),
        )

    def get(self, options):
        self.count += 1
        auth_data = AuthenticatorData.create(sha256(HOST.encode()), PRESENT_AND_VERIFIED, self.count)
        client_data = self._client_data("webauthn.get", options)
        signature = self.private.sign(bytes(auth_data) + client_data.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=client_data,
            authenticatorData=auth_data,
            signature=signature,
            userHandle=websafe_decode(self.user),
        )


def options_of(response):
    """What the page hands to its script."""
    return json.loads(soup(response).find("form", {"data-passkey-options": True})["data-passkey-options"])


def login_options(client):
    answer = client.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    return answer.json()["request_options"]


def add_passkey(client, key, name="My phone"):
    options = options_of(client.get("/account/2fa/webauthn/add/"))
    answer = client.post(
        "/account/2fa/webauthn/add/", {"name": name, "passwordless": "on", "credential": key.create(options)}
    )
    assert answer.status_code == 302, soup(answer).main.text
    return Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
