import GRDB
import Vocabulary

extension Ledger {
    /// Keeps a notification, the incident as it stands in it, and one delivery for each of `channels`, due at once.
    /// A key that is known adds and changes nothing, so after a crash the caller may record the same again.
    package func record(_ notification: Notification, channels: [String]) throws(LedgerError) {
        try write { database in
            guard try !NotificationRow.exists(database, key: notification.key) else { return }
            if notification.change != .test { try IncidentRow(notification.incident).upsert(database) }
            try NotificationRow(notification).insert(database)
            for channel in channels {
                try database.execute(
                    sql: "INSERT OR IGNORE INTO outbox (key, channel, next_attempt) VALUES (?, ?, ?)",
                    arguments: [notification.key, channel, notification.time.nanoseconds])
            }
        }
    }

    /// The deliveries to try now, at most `limit` for each channel, so that a channel with a long queue takes no
    /// other's turn. What is being delivered is due until `delivered` or `failed` says what became of it. Of one
    /// incident a channel gets a change only once those before it are delivered or given up.
    package func dueNotifications(now: Instant, limit: Int) throws(LedgerError) -> [OutboxItem] {
        try read { database in
            try OutboxRow.fetchAll(
                database,
                sql: """
                    SELECT id, channel, attempts, failure, change, time, incident FROM (
                        SELECT *, row_number() OVER (PARTITION BY channel ORDER BY id) AS place
                        FROM outbox JOIN notification USING (key)
                        WHERE next_attempt <= :now AND NOT EXISTS (
                            SELECT 1 FROM notification AS earlier JOIN outbox AS waiting USING (key)
                            WHERE earlier.incident_id = notification.incident_id
                              AND waiting.channel = outbox.channel
                              AND waiting.id < outbox.id AND waiting.next_attempt IS NOT NULL))
                    WHERE place <= :limit ORDER BY id
                    """, arguments: ["now": now.nanoseconds, "limit": limit]
            ).map { try $0.item() }
        }
    }

    /// The channels that have not heard yet of everything that is recorded of an incident.
    package func channelsWaiting(of incident: String) throws(LedgerError) -> Set<String> {
        try read { database in
            try String.fetchSet(
                database,
                sql: """
                    SELECT channel FROM outbox JOIN notification USING (key)
                    WHERE incident_id = ? AND next_attempt IS NOT NULL
                    """, arguments: [incident])
        }
    }

    /// The channel has it. Saying so twice changes nothing.
    package func delivered(_ id: Int64, at instant: Instant) throws(LedgerError) {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET attempts = attempts + 1, next_attempt = NULL, delivered = ?, failure = NULL
                    WHERE id = ? AND delivered IS NULL
                    """, arguments: [instant.nanoseconds, id])
        }
    }

    /// The delivery failed. `nextAttempt`: nil gives it up; it is kept and listed by `givenUp`.
    package func failed(_ id: Int64, why: String, nextAttempt: Instant?) throws(LedgerError) {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE outbox SET attempts = attempts + 1, next_attempt = ?, failure = ?
                    WHERE id = ? AND delivered IS NULL
                    """, arguments: [nextAttempt?.nanoseconds, why, id])
        }
    }

    /// Deliveries that were given up, of notifications with a time in `interval`, oldest first.
    package func givenUp(in interval: Interval) throws(LedgerError) -> [OutboxItem] {
        try read { database in
            try OutboxRow.fetchAll(
                database,
                sql: """
                    SELECT id, channel, attempts, failure, change, time, incident
                    FROM outbox JOIN notification USING (key)
                    WHERE next_attempt IS NULL AND delivered IS NULL AND time >= ? AND time < ? ORDER BY id
                    """, arguments: [interval.start.nanoseconds, interval.end.nanoseconds]
            ).map { try $0.item() }
        }
    }
}
