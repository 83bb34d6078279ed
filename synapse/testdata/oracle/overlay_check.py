# Reads one JSON list [base, overlay] of YAML texts per line. Says what the overlay
# changes of modules and experimental_features beyond what must go; "" if nothing.
import json
import sys

import yaml

GONE = {"ldap_auth_provider", "rest_auth_provider"}


def check(base, overlay):
    base, overlay = yaml.safe_load(base), yaml.safe_load(overlay)
    kept = [m for m in base["modules"] if m["module"].split(".")[0] not in GONE]
    rest = {k: v for k, v in base["experimental_features"].items() if k != "msc3861"}
    rest = rest or {"msc3861": {}}  # an empty section crashes Synapse 1.157.0
    for key, want in ("modules", kept), ("experimental_features", rest):
        got = overlay.get(key, base[key])
        if repr(got) != repr(want):
            return f"{key}: got {got!r}, want {want!r}"
    return ""


for line in sys.stdin:
    print(json.dumps(check(*json.loads(line))), flush=True)
