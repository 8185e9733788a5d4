#!/bin/sh
# CPU microseconds per probe against prometheus-blackbox-exporter (Debian's), for HTTP, TCP, TLS and HTTPS, in
# interleaved rounds against one nginx; then HTTPS with the system's certificates against one authority's, and a name
# against an address. Usage: benchmarks/peers.sh [PROBES] [IN_FLIGHT] [ROUNDS]
# Wants nginx, openssl, dnsmasq and prometheus-blackbox-exporter from Debian.
set -eu
cd "$(dirname "$0")/.."
probes=${1:-4000} in_flight=${2:-8} rounds=${3:-3}
swift build -c release --static-swift-stdlib --product bench-reactor 2>&1 | tail -1
reactor=$(swift build -c release --show-bin-path)/bench-reactor
work=$(mktemp -d)
started=""
finish() {
    for pid in $started; do kill "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT
port=${PORT:-18451}
tls=$((port + 1)) exporter_port=$((port + 2)) dns=$((port + 3))
web=http://127.0.0.1:$port/ secure=https://127.0.0.1:$tls/

# An ECDSA P-256 certificate of an authority of its own, as most sites have them.
openssl ecparam -name prime256v1 -genkey -noout -out "$work/ca.key"
openssl req -x509 -new -key "$work/ca.key" -subj "/CN=bench authority" -days 2 -out "$work/ca.pem"
openssl ecparam -name prime256v1 -genkey -noout -out "$work/web.key"
openssl req -new -key "$work/web.key" -subj "/CN=127.0.0.1" -out "$work/web.csr"
printf 'subjectAltName=IP:127.0.0.1,DNS:web.test\n' > "$work/san"
openssl x509 -req -in "$work/web.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 2 \
    -extfile "$work/san" -out "$work/web.pem" 2> "$work/openssl.log"
# The system's certificates and ours: what a check without `ca` has to search.
cat /etc/ssl/certs/ca-certificates.crt "$work/ca.pem" > "$work/bundle.pem"
cat > "$work/nginx.conf" <<CONF
daemon off; pid $work/nginx.pid; error_log $work/error.log; worker_processes 1;
events { worker_connections 4096; }
http {
  access_log off;
  server { listen 127.0.0.1:$port; location / { return 200 "pong\n"; } }
  server { listen 127.0.0.1:$tls ssl; ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate $work/web.pem; ssl_certificate_key $work/web.key;
           location / { return 200 "pong\n"; } }
}
CONF
nginx -p "$work" -c "$work/nginx.conf" -e "$work/error.log" & started="$started $!"
cat > "$work/exporter.yml" <<CONF
modules:
  http: {prober: http, timeout: 5s, http: {preferred_ip_protocol: ip4}}
  https: {prober: http, timeout: 5s, http: {preferred_ip_protocol: ip4, tls_config: {ca_file: $work/ca.pem}}}
  tcp: {prober: tcp, timeout: 5s}
  tls: {prober: tcp, timeout: 5s, tcp: {tls: true, tls_config: {ca_file: $work/ca.pem}}}
CONF
prometheus-blackbox-exporter --config.file="$work/exporter.yml" --web.listen-address=127.0.0.1:$exporter_port \
    > "$work/exporter.log" 2>&1 & exporter=$!
started="$started $exporter"
if command -v dnsmasq > /dev/null; then
    dnsmasq --keep-in-foreground --no-resolv --no-hosts --port=$dns --listen-address=127.0.0.1 --bind-interfaces \
        --address=/web.test/127.0.0.1 --pid-file="$work/dnsmasq.pid" & started="$started $!"
fi
sleep 1

# The exporter is asked over kept-alive connections, and its own CPU is what counts.
ask_exporter() {
    python3 - "$exporter" "$exporter_port" "$probes" "$in_flight" "$1" "$2" <<'PY'
import http.client, os, sys, threading
pid, port, probes, in_flight, module, target = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5], sys.argv[6]
def cpu():
    words = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
failed = []
def ask(count):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(count):
        connection.request("GET", f"/probe?module={module}&target={target}")
        if b"probe_success 1" not in connection.getresponse().read(): failed.append(1)
before = cpu()
threads = [threading.Thread(target=ask, args=(probes // in_flight,)) for _ in range(in_flight)]
for thread in threads: thread.start()
for thread in threads: thread.join()
if failed: sys.exit(f"{len(failed)} probes of the exporter failed: {module}")
print(round(1e6 * (cpu() - before) / (probes // in_flight * in_flight), 1))
PY
}

printf '%-6s %6s %12s %12s %8s   CPU us per probe\n' kind round exporter sonde cheaper
compare() { # name, bound, the exporter's module and target, our target and options
    name=$1 bound=$2 module=$3 target=$4; shift 4
    : > "$work/rounds"
    for round in $(seq "$rounds"); do
        theirs=$(ask_exporter "$module" "$target")
        ours=$("$reactor" "$1" "$probes" "$in_flight" $2)
        echo "$theirs $ours" >> "$work/rounds"
        awk -v k="$name" -v r="$round" -v t="$theirs" -v o="$ours" 'BEGIN { printf "%-6s %6d %12.1f %12.1f %7.2fx\n", k, r, t, o, t / o }'
    done
    awk '{ print $1 / $2 }' "$work/rounds" | sort -n |
        awk -v k="$name" -v b="$bound" '{ r[NR] = $1 } END { printf "%-6s median %.2fx cheaper (bound %s)\n", k, r[int((NR + 1) / 2)], b }'
}
compare HTTP 8x http "$web" "$web" kind=http
compare TCP 7x tcp "127.0.0.1:$port" "127.0.0.1:$port" kind=tcp
compare TLS 1.5x tls "127.0.0.1:$tls" "127.0.0.1:$tls" "kind=tls ca=$work/ca.pem"
compare HTTPS 1.3x https "$secure" "$secure" "kind=http ca=$work/ca.pem"

printf '\n%-22s %12s %12s\n' "" "one CA" "system + it"
for round in $(seq "$rounds"); do
    one=$("$reactor" "$secure" "$probes" "$in_flight" kind=http ca="$work/ca.pem")
    all=$("$reactor" "$secure" "$probes" "$in_flight" kind=http ca="$work/bundle.pem")
    awk -v o="$one" -v a="$all" 'BEGIN { printf "%-22s %12.1f %12.1f   ratio %.3f (bound 1.1)\n", "HTTPS, certificates", o, a, a / o }'
done
if command -v dnsmasq > /dev/null; then
    # The difference is small beside what a round differs from the next: five times as many rounds, and their median.
    for round in $(seq $((5 * rounds))); do
        address=$("$reactor" "$web" "$probes" "$in_flight" kind=http)
        name=$("$reactor" "http://web.test:$port/" "$probes" "$in_flight" kind=http resolver=127.0.0.1:$dns)
        echo "$address $name" >> "$work/names"
    done
    awk '{ print $2 - $1 }' "$work/names" | sort -n | awk '{ d[NR] = $1 } END { printf "HTTP, name against address: median %.1f us more of %d pairs, %.1f to %.1f (bound 30)\n", d[int((NR + 1) / 2)], NR, d[1], d[NR] }'
fi
