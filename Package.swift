// swift-tools-version: 6.2
// The picture of the house: data flows from Config to Serving, and every stage knows only the vocabulary.
// docs/architecture.md says what each target takes, gives and must never do.
import PackageDescription

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
    // Whether accesses overlap is asked in debug builds, which all tests are; a release does not pay for it.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// One stage of the pipeline. What it may import is what stands here, and nothing else.
func stage(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of one stage: it, the vocabulary and the shared test support.
/// `data`: folders of files that the tests read where they stand.
func tests(_ name: String, of stages: [Target.Dependency], data: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: ["Vocabulary", "Support"] + stages, exclude: data, swiftSettings: settings)
}

/// A program that measures some stages; `make bench` runs them.
func benchmark(_ name: String, at folder: String, of stages: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: ["Vocabulary"] + stages, path: "benchmarks/\(folder)", swiftSettings: settings)
}

let package = Package(
    name: "sonde",
    products: [.executable(name: "sonde", targets: ["sonde"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // The C edge: libcurl, OpenSSL, c-ares, libidn2 and RE2, as Swift can call them.
        .target(
            name: "CNet",
            linkerSettings: ["curl", "ssl", "crypto", "cares", "idn2", "re2"].map { .linkedLibrary($0) }),

        // The words.
        stage("Vocabulary"),

        // sonde.yaml ─► Config ─► Scheduling ─► Probing ─► Judging ─► Storage ─► Accounting ─► Reporting ─► Serving
        stage("Config", ["Vocabulary", yams]),
        stage("Scheduling", ["Vocabulary"]),
        stage("Probing", ["Vocabulary", "CNet"]),
        stage("Judging", ["Vocabulary"]),
        stage("Storage", ["Vocabulary"]),
        stage("Accounting", ["Vocabulary"]),
        stage("Reporting", ["Vocabulary", "Accounting"]),
        stage("Serving", ["Vocabulary", "Reporting", hummingbird, lifecycle, log]),

        // Beside it: what people and alerts write, and who is told.
        stage("Ledger", ["Vocabulary", grdb]),
        stage("Alerting", ["Vocabulary", "CNet"]),

        // The only place that knows all of it.
        .executableTarget(
            name: "sonde",
            dependencies: [
                "Vocabulary", "Config", "Scheduling", "Probing", "Judging", "Storage", "Ledger", "Accounting",
                "Reporting", "Alerting", "Serving", "Loopback", argumentParser, lifecycle, log, signals,
            ],
            swiftSettings: settings),

        // Real servers on loopback, well-behaved and not: the demonstration's targets and the tests' opponents.
        stage("Loopback", ["Vocabulary", "CNet"]),

        // Tests, a target for each stage, and across all of them.
        .target(name: "Support", path: "Tests/Support", swiftSettings: settings),
        tests("VocabularyTests", of: []),
        tests("ConfigTests", of: ["Config"], data: ["Refusals"]),
        tests("SchedulingTests", of: ["Scheduling"]),
        tests("ProbingTests", of: ["Probing", "Loopback", "CNet"], data: ["Recorded"]),
        tests("LoopbackTests", of: ["Loopback", "CNet"]),
        tests("JudgingTests", of: ["Judging"]),
        tests("StorageTests", of: ["Storage", "torture"]),
        tests("LedgerTests", of: ["Ledger", grdb]),
        tests("AccountingTests", of: ["Accounting", "Config"], data: ["Scenarios.md"]),
        tests("ReportingTests", of: ["Accounting", "Reporting"], data: ["Golden"]),
        tests("AlertingTests", of: ["Alerting", "Loopback"]),
        tests("ServingTests", of: ["Serving", "Reporting", lifecycle, log]),
        tests("SimulationTests", of: ["sonde", "Scheduling", "Storage", "Accounting", "Reporting"]),
        tests(
            "EndToEndTests",
            of: ["sonde", "Config", "Probing", "Alerting", "Ledger", "Loopback", "Reporting", log]),
        tests("TidyTests", of: []),

        // Breaks the store in every way there is; the tests run a short form of it.
        benchmark("torture", at: "torture", of: ["Storage"]),

        // What the figures in docs/performance.md are measured with.
        benchmark("bench-reactor", at: "http-reactor", of: ["Probing"]),
        benchmark("bench-pace", at: "pace", of: ["Probing"]),
        benchmark("bench-storage", at: "storage-read", of: ["Storage"]),
        benchmark("bench-store", at: "store-tick", of: ["Storage"]),
        benchmark("bench-accounting", at: "accounting-year", of: ["Accounting"]),
        benchmark("bench-month", at: "month-report", of: ["Accounting", "Storage"]),
    ]
)

// It links with libFuzzer: only `make fuzz` asks for it.
if Context.environment["SONDE_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["Vocabulary", "Probing", "Storage", "CNet"], path: "benchmarks/fuzz",
            swiftSettings: settings))
}
