/// What `sonde init` writes.
package enum StarterConfig {
    /// Paths are seen from the folder that is initialised.
    package static let files: [(path: String, text: String)] = [("sonde.yaml", main)]

    private static let main = """
        # Sonde asks your services every minute whether they are well, and keeps the answers.
        #
        #     sonde validate     reads this file and says what is wrong with it
        #     sonde probe        asks everything once, now
        #     sonde run          keeps asking; the status page is at http://127.0.0.1:8787
        #     sonde report       the uptime report of this month
        #
        # Every key is described in docs/configuration.md.
        version: 1

        # Where the history is kept, and for how long.
        store: {path: data, slots: 400d, hours: 5y}

        # Status page and API. Loopback: only this machine can read them.
        listen: 127.0.0.1:8787

        # Days and months begin at midnight of this zone; the machine's when left out.
        # zone: Europe/Paris

        # Where to ask from. None declared: one region, `local`, this host.
        # regions:
        #   home: {country: FR}
        #   second: {country: FR, source: 192.0.2.7}    # another address of this host

        # What holds for every check that does not say otherwise.
        defaults: {period: 1m, timeout: 10s, confirm: 1, recover: 1}

        # More files with checks, maintenance, channels, alerts and contracts.
        # include: [checks/*.yaml]

        checks:
          # Sonde's own status page: up as soon as `sonde run` is. Replace it with what matters to you.
          - name: sonde
            title: Sonde itself
            http: http://127.0.0.1:8787/healthz

          # A website: any answer from 200 to 299 within the timeout is up.
          # - name: shop
          #   http: https://shop.example.com/

          # A mail server that must greet.
          # - name: mail
          #   tcp: {address: mx.example.com:25, expect: "^220 "}

          # A certificate that must not run out within 21 days.
          # - name: shop-certificate
          #   period: 1h
          #   tls: shop.example.com:443
          #   expect: {certificate: {days_left: 21}}

        # Announced work: excluded from uptime, and quiet.
        # maintenance:
        #   - {name: weekly, every: "Sun 02:00-02:30"}

        # Who is told when something goes down and when it is up again.
        # channels:
        #   ops: {webhook: {url: "${OPS_URL}"}}

        # What was promised, for `sonde export sla`.
        # contracts:
        #   gold: {checks: [shop], objective: 99.9}

        """
}
