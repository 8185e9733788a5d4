import Vocabulary

/// POSTs each notification as JSON. 2xx means that the receiver has it.
package struct WebhookChannel: Channel {
    package static let kind = "webhook"

    package static let keys = [
        SettingDescription("url", "Where to POST; http or https.", example: "https://hooks.example.com/sonde"),
        SettingDescription(
            "headers", "More headers of the request.", example: "{Authorization: \"Bearer ${OPS_TOKEN}\"}"),
        SettingDescription("timeout", "How long one delivery may take in all.", example: "10s"),
        SettingDescription("tls", "How the receiver's certificate is verified.", example: "{ca: ops-ca.pem}"),
    ]

    let name: String
    let request: WebhookRequest

    package static func make(_ plan: ChannelPlan, _ mistakes: inout Mistakes) -> WebhookChannel? {
        guard let request = WebhookRequest(plan, &mistakes) else { return nil }
        return WebhookChannel(name: plan.name, request: request)
    }

    package func send(_ notification: Notification, stop: StopSignal) -> Delivery {
        guard var transfer = WebhookTransfer(request, notification) else {
            return .failed("\(name): no memory for the request")
        }
        return delivery(transfer.run(stop: stop))
    }

    /// What an answer means. The status line decides, even when the rest of the answer does not come.
    private func delivery(_ outcome: WebhookTransfer.Outcome) -> Delivery {
        switch outcome {
        case .answered(let status):
            switch status {
            case 200...299: .delivered
            case 300...399: .failed("\(name): answered \(status), and redirects are not followed")
            // Too slow, too early, too many: the receiver asks for another try.
            case 408, 425, 429: .failed("\(name): answered \(status)")
            case 400...499: .rejected("\(name): answered \(status)")
            default: .failed("\(name): answered \(status)")
            }
        case .unanswered(let why): .failed("\(name): no answer (\(why))")
        case .stopped: .failed("\(name): cut off by the stop")
        }
    }
}
