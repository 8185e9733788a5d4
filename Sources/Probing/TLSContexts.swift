import Vocabulary

/// The contexts of a plan, one for each distinct `tls:` block; used while the plan is compiled.
struct TLSContexts {
    private var made: [TLSSettings: TLSContext] = [:]
    /// Whether the system's certificates are to be read at once when a check needs them.
    private let readsSystem: Bool

    init(readsSystem: Bool) { self.readsSystem = readsSystem }

    /// The context of a check's `tls:` block. `isNeeded`: the check speaks TLS for certain, so what it needs is read
    /// now, and what cannot be read is a mistake. `takesALPN` false: the kind offers protocols of its own.
    mutating func context(
        _ setting: Setting?, subject: String, at place: Place, isNeeded: Bool, takesALPN: Bool = false,
        _ mistakes: inout Mistakes
    ) -> TLSContext {
        let settings = TLSSettings.decode(setting, subject: subject, takesALPN: takesALPN, &mistakes)
        let context = made[settings] ?? TLSContext(settings)
        made[settings] = context
        guard isNeeded && readsSystem || settings.namesFiles else { return context }
        do {
            _ = try context.ready()
        } catch {
            let value = setting?.entries?.first { $0.key == error.key }?.value
            mistakes.add(
                value?.place ?? place,
                "cannot use \(TLSContexts.subject(of: error.key, value?.text?.shown)): \(error.text)")
        }
        return context
    }

    private static func subject(of key: String, _ file: String?) -> String {
        guard let file else { return key == "ca" ? "the system's certificates" : "the tls block" }
        return switch key {
        case "client_cert": "the client certificate in \"\(file)\""
        case "client_key": "the key in \"\(file)\""
        default: "the certificates in \"\(file)\""
        }
    }
}
