"""Serves the trained model: POST /predict with one transaction as JSON; GET /health."""

import json
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import joblib

import transactions

MODEL = Path("/app/data/model.joblib")


class Handler(BaseHTTPRequestHandler):
    model = None

    def do_GET(self):
        if self.path == "/health":
            self.answer(200, {"status": "ok"})
        else:
            self.answer(404, {"error": f"no such path: {self.path}"})

    def do_POST(self):
        if self.path != "/predict":
            self.answer(404, {"error": f"no such path: {self.path}"})
            return
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            row = [float(body[name]) for name in transactions.FEATURES]
        except (KeyError, TypeError, ValueError) as problem:
            wanted = ", ".join(transactions.FEATURES)
            self.answer(400, {"error": f"bad transaction ({problem!r}): want numbers for {wanted}"})
            return
        probability = float(self.model.predict_proba([row])[0][1])
        self.answer(200, {"fraud": probability >= 0.5, "probability": round(probability, 4)})

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main():
    if not MODEL.exists():
        sys.exit(f"{MODEL} is missing: run the training container on this volume first")
    Handler.model = joblib.load(MODEL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print("serving on port 5000", flush=True)
    ThreadingHTTPServer(("0.0.0.0", 5000), Handler).serve_forever()


if __name__ == "__main__":
    main()
