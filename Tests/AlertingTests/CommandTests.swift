import Foundation
import Support
import Testing
import Vocabulary

@testable import Alerting

@Suite("The command channel", .timeLimit(.minutes(1)))
struct CommandTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func send(_ script: String, arguments: [SettingLiteral] = [], timeout: String = "20s") async throws -> Delivery {
        let path = try folder.file("script", script)
        let settings: SettingLiteral = ["argv": .list(["sh", "\(path)"] + arguments), "timeout": "\(timeout)"]
        let (channel, mistakes) = channel("command", settings)
        #expect(mistakes == [])
        let command = try #require(channel)
        return await onThread { command.send(notification()) }
    }

    func written(_ name: String) throws -> String {
        try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
    }

    @Test(
        "the way the program ends decides, and its first line is shown",
        arguments: [
            ("exit 0", .delivered),
            ("echo fine; echo more >&2; exit 0", .delivered),
            ("exit 1", .failed("ops: exit code 1")),
            ("echo 'pager is off'; echo second; exit 75", .failed("ops: exit code 75: pager is off")),
            ("echo 'pager is off' >&2; exit 1", .failed("ops: exit code 1: pager is off")),
            ("printf '\\033[31mred\\n'; exit 2", .failed("ops: exit code 2: \\u{1b}[31mred")),
            ("kill -TERM $$", .failed("ops: killed by signal 15")),
            ("exec < /dev/null; exit 0", .delivered),
        ] as [(String, Delivery)])
    func endings(script: String, delivery: Delivery) async throws {
        #expect(try await send(script) == delivery, "\(script)")
    }

    @Test("it reads one line of JSON and gets its arguments as they stand, without a shell")
    func input() async throws {
        let script = "cat > '\(folder.path)/in'; printf '%s\\n' \"$@\" > '\(folder.path)/arguments'"
        #expect(try await send(script, arguments: ["$HOME", "a b; rm -rf x", "*"]) == .delivered)
        #expect(try written("in") == notification().json.text + "\n")
        #expect(try written("arguments") == "$HOME\na b; rm -rf x\n*\n")
    }

    @Test("it finds the message in its environment, and nothing of ours beside it")
    func environment() async throws {
        #expect(try await send("env > '\(folder.path)/env'") == .delivered)
        let lines = try written("env").split(separator: "\n").map(String.init)
        #expect(
            lines.filter { $0.hasPrefix("SONDE_") }.sorted() == [
                "SONDE_CAUSE=status-5xx", "SONDE_CHANGE=opened", "SONDE_CHECK=shop", "SONDE_CLOSED=",
                "SONDE_INCIDENT=shop-20261122T120000Z", "SONDE_KEY=shop-20261122T120000Z/opened",
                "SONDE_OPENED=2026-11-22T12:00:00.000Z", "SONDE_REGIONS=tw jp",
                "SONDE_TIME=2026-11-22T12:00:01.000Z", "SONDE_TITLE=Shop \"quoted\" 商店",
            ])
        let names = Set(lines.map { String($0.prefix { $0 != "=" }) }).filter { !$0.hasPrefix("SONDE_") }
        // The shell itself sets PWD, OLDPWD, SHLVL and _.
        #expect(names.isSubset(of: ["PATH", "HOME", "LANG", "TZ", "USER", "PWD", "OLDPWD", "SHLVL", "_"]), "\(names)")
    }

    @Test("it inherits no descriptor but the three standard ones")
    func descriptors() async throws {
        // /proc/self/fd is of ls, which has one more: the folder it lists.
        #expect(try await send("ls /proc/self/fd | wc -l > '\(folder.path)/count'") == .delivered)
        #expect(try written("count").trimmingCharacters(in: .whitespacesAndNewlines) == "4")
    }

    @Test("at the timeout everything it started is killed")
    func groupKilled() async throws {
        let pipe = folder.path + "/pipe"
        mkfifo(pipe, 0o600)
        let descriptor = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        let script = "exec 3> '\(pipe)'; echo started >&3; sleep 600 & sleep 600; wait"
        #expect(try await send(script, timeout: "3s") == .failed("ops: still running after 3s, killed"))
        // Reading ends when the last process that holds the other end is gone.
        _ = fcntl(descriptor, F_SETFL, 0)
        let all = await onThread { FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).readDataToEndOfFile() }
        #expect(String(decoding: all, as: UTF8.self) == "started\n")
    }

    @Test("what it leaves behind holds nothing up once it has ended")
    func leftBehind() async throws {
        #expect(try await send("sleep 3 & exit 0") == .delivered)
    }

    @Test("a flood of output neither blocks it nor fills memory")
    func flood() async throws {
        let delivery = try await send("head -c 20000000 /dev/zero | tr '\\0' x; exit 4")
        #expect(delivery == .failed("ops: exit code 4: " + String(repeating: "x", count: 200) + "…"))
    }

    @Test("an endless flood ends at the timeout")
    func endlessFlood() async throws {
        guard case .failed(let text) = try await send("exec cat /dev/zero", timeout: "300ms") else {
            Issue.record("delivered")
            return
        }
        #expect(text.hasPrefix("ops: still running after 300ms, killed: \\u{0}"))
    }

    @Test("a secret among its arguments is blanked when it prints it")
    func secrets() async throws {
        let secret = SettingLiteral.secret("s3cret-token", shown: "${TOKEN}")
        let delivery = try await send("echo \"bad token $1, $1\"; exit 1", arguments: [secret])
        #expect(delivery == .failed("ops: exit code 1: bad token …, …"))
    }

    @Test("a program that is gone when it is needed is said so, and tried again")
    func gone() async throws {
        let path = folder.path + "/page"
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/bin/sh")
        let command = try #require(channel("command", ["argv": ["\(path)"]]).channel)
        try FileManager.default.removeItem(atPath: path)
        #expect(
            await onThread { command.send(notification()) }
                == .failed("ops: cannot be run (No such file or directory)"))
    }

    @Test("a relative program is looked for beside the file that names it, a bare name on PATH")
    func places() async throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/bin", withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/bin/page", withDestinationPath: "/bin/sh")
        let settings: SettingLiteral = ["argv": ["bin/page", "-c", "echo here; exit 9"]]
        let beside = channel("command", settings, file: folder.path + "/sonde.yaml")
        let command = try #require(beside.channel)
        #expect(await onThread { command.send(notification()) } == .failed("ops: exit code 9: here"))
        let onPath = try #require(channel("command", ["argv": ["true"]]).channel)
        #expect(await onThread { onPath.send(notification()) } == .delivered)
    }
}
