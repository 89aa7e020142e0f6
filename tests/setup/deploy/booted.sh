# What tests/setup/deploy/test_boot.py runs on the machine that it boots: a webinar is made by the service of systemd.
cd /srv/zoom_ops
export PYTHONPATH=/srv/zoom_ops PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
run() { setpriv --reuid zoom-ops --regid zoom-ops --clear-groups .venv/bin/zoom-ops "$@"; }
await() { timeout 60 sh -c "until $1; do sleep 0.2; done"; }
ask() { /usr/bin/env python3 - "$1" <<'P'
import sys, urllib.request
with urllib.request.urlopen("http://127.0.0.1:8000" + sys.argv[1], timeout=20) as answer:
    print(answer.status, answer.headers["Content-Type"])
P
}
echo "practice makes perfect" | run init --practice --admin operator --admin-password-stdin >/dev/null
run sandbox --account practice >/result/sandbox 2>&1 &
systemctl start zoom_ops
await "grep -q daemon_ready /result/log"
run events import var/practice-event.yaml
await "setpriv --reuid zoom-ops --regid zoom-ops --clear-groups .venv/bin/zoom-ops events show practice-town-hall | grep -q '(bound)'" &&
    echo "a webinar was made"
ask /events/practice-town-hall
ask /events/practice-town-hall/picture.png
pid=$(systemctl show --property=MainPID --value zoom_ops)
grep -E '^(CapEff|NoNewPrivs|Seccomp):' "/proc/$pid/status"
nsenter --target "$pid" --mount touch /srv/zoom_ops/config/x /etc/x || echo "it writes to var alone"
kill -KILL "$pid"
await "[ \$(grep -c daemon_ready /result/log) = 2 ]" && echo "it is started again"
systemctl stop zoom_ops
systemctl show --property=Result --value zoom_ops
