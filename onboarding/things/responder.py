"""The test server that responds on the targets until the seller's software does (S17, S20). The submission
refuses it.
"""

from __future__ import annotations

_SCRIPT = """\
#!/bin/bash
# plc:listen {port}/{marker}
# A test server: it responds on port {port}, so that you can test the path to the targets.
# Replace it with your software.
mkdir -p /opt/plc
cat > /opt/plc/responder.py <<'PYTHON'
import http.server, ssl
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"test server\\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_HEAD = do_GET
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("", {port}), Answer)
if {tls}:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("/opt/plc/cert.pem", "/opt/plc/key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
PYTHON
{certificate}cat > /etc/systemd/system/plc-responder.service <<'UNIT'
[Unit]
After=network.target
[Service]
ExecStart=/usr/bin/python3 /opt/plc/responder.py
Restart=always
[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now plc-responder
"""
_CERTIFICATE = (
    "openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=test-server "
    "-keyout /opt/plc/key.pem -out /opt/plc/cert.pem\n"
)


def user_data(port: int, tls: bool) -> str:
    """The start-up script for Amazon Linux: answers HTTP (or, for an HTTPS health check, HTTPS) with 200 on
    `port`.
    """
    return _SCRIPT.format(port=port, marker="tls" if tls else "tcp", tls=tls, certificate=_CERTIFICATE if tls else "")
