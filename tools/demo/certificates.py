"""Certificates for one run of the demo, made with the openssl tool."""

import subprocess

# Without this, the system's own configuration would add its extensions to those asked for.
CONFIGURATION = "[req]\ndistinguished_name = names\n[names]\n"
KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]
LOOPBACK = "DNS:localhost,IP:127.0.0.1,IP:::1"


def make(directory):
    """Writes a root and three identities into `directory`; gives the root's file and, in the order in which demo_server
    wants them, those of the identities: each holds a certificate and its key."""
    configuration = directory / "openssl.cnf"
    configuration.write_text(CONFIGURATION)
    root = directory / "root.pem"
    stranger = directory / "stranger.pem"
    for file in (root, stranger):
        make_one(file, configuration, f"/CN=Rondo demo {file.stem}", "basicConstraints=critical,CA:TRUE")
    identities = []
    for name, issuer, names in (("good", root, LOOPBACK), ("wrong_host", root, "DNS:elsewhere.example"),
                                ("unknown_issuer", stranger, LOOPBACK)):
        file = directory / f"{name}.pem"
        make_one(file, configuration, f"/CN={name}", f"subjectAltName={names}", issuer)
        identities.append(file)
    return root, identities


def make_one(file, configuration, subject, extension, issuer=None):
    key = file.with_suffix(".key")
    signed_by = ["-CA", issuer, "-CAkey", issuer] if issuer else []
    subprocess.run(["openssl", "req", "-x509", "-config", configuration, *KEY, "-days", "2", "-subj", subject,
                    "-addext", extension, *signed_by, "-keyout", key, "-out", file],
                   check=True, stdin=subprocess.DEVNULL, capture_output=True)
    with file.open("a") as both:
        both.write(key.read_text())
    key.unlink()
