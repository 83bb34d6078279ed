# Reads one JSON list of configuration files per line, loads them as Synapse does
# when it starts, and answers with a JSON string: what Synapse has against them,
# "" if nothing. Anything that Synapse prints meanwhile is dropped.
import contextlib
import io
import json
import sys

from synapse.config.homeserver import HomeServerConfig


def verdict(paths):
    arguments = []
    for path in paths:
        arguments += ["--config-path", path]
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            HomeServerConfig.load_config("", arguments)
    except SystemExit:
        return "SystemExit: " + printed.getvalue()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


for line in sys.stdin:
    print(json.dumps(verdict(json.loads(line))), flush=True)
