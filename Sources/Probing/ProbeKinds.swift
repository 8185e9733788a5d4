import Vocabulary

/// Every kind of probe: a new one is a file of its own and a line here.
package enum ProbeKinds {
    static var driven: [any DrivenKind.Type] {
        [
            HTTPKind.self,
            TCPKind.self,
            TLSKind.self,
        ]
    }

    package static var all: [any ProbeKind.Type] { driven }
    /// The keys inside `oauth2:` of an `http` check.
    package static var oauth2Keys: [SettingDescription] { OAuthClient.keys }
    package static var names: [String] { driven.map { $0.name } }
    /// nil when there is no kind of that name.
    package static func kind(named name: String) -> (any ProbeKind.Type)? { driven.first { $0.name == name } }
}

/// What a kind says of itself: the reference, the schema and the error texts are made of it.
package protocol ProbeKind {
    static var name: String { get }
    /// What `http: https://…` stands for: `url`, `address`.
    static var shortKey: String { get }
    static var keys: [SettingDescription] { get }
    /// The expectations it can check.
    static var expectations: [ExpectationKey] { get }
}

extension ProbeKind {
    /// The address asked, as it may be shown; empty when the settings hold none.
    package static func target(of check: Check) -> String {
        let setting =
            check.settings.text == nil
            ? check.settings.entries?.first { $0.key == shortKey }?.value : check.settings
        return setting?.text?.shown ?? ""
    }
}

/// A kind with the code that probes.
protocol DrivenKind: ProbeKind {
    associatedtype Settings: Sendable
    associatedtype Driver: ProbeDriver where Driver.Settings == Settings
    /// nil when the settings cannot be used; each reason is a mistake.
    static func decode(
        _ check: Check, _ reader: SettingReader, _ contexts: inout TLSContexts, _ mistakes: inout Mistakes
    ) -> Settings?
    /// Whether a handshake takes place, so that expectations can ask about it.
    static func speaksTLS(_ settings: Settings) -> Bool
}

/// The part of a reactor that runs the probes of one kind, on the reactor's thread.
protocol ProbeDriver: AnyObject {
    associatedtype Settings: Sendable
    /// `settings`: by index of the check; nil for checks of other kinds.
    init(core: ReactorCore, settings: [Settings?]) throws(ReactorError)
    /// Starts a probe now. Its sample comes to `core.finished`, perhaps at once.
    func start(_ due: Due)
    /// Called once a turn, after events and deadlines: finishes what is ready.
    func settle()
    /// Ends everything under way without samples.
    func dropAll()
}

/// The settings of one kind's checks.
protocol KindShelf: Sendable {
    func makeDriver(_ core: ReactorCore) throws(ReactorError) -> any ProbeDriver
}

struct Shelf<Kind: DrivenKind>: KindShelf {
    let settings: [Kind.Settings?]
    func makeDriver(_ core: ReactorCore) throws(ReactorError) -> any ProbeDriver {
        try Kind.Driver(core: core, settings: settings)
    }
}
