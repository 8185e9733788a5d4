import CNet
import Glibc

/// Runs one program to its end, its timeout or the stop; past those it is killed with its process group.
struct ChildProcess: ~Copyable {
    /// Output that is kept; the rest is read and dropped, so that the program is never held up by it.
    static let outputBytesMax = 4096

    enum Outcome: Equatable {
        case exited(code: Int32, output: String)
        case killed(signal: Int32, output: String)
        case timedOut(output: String)
        case stopped
        /// No such program, out of descriptors, processes or memory, or its end was not ours to see.
        case notRun(why: String)
    }

    private let pid: pid_t
    /// Readable when the process has ended.
    private let ending: Descriptor
    /// Readable at the timeout.
    private let timer: Descriptor
    private let pipe: Descriptor
    private var output: [UInt8] = []

    /// `argv`: program and arguments; `environment`: `NAME=value`.
    static func run(
        _ argv: [String], _ environment: [String], input: String, timeoutNs: Int64, stop: StopSignal
    ) -> Outcome {
        do {
            var child = try start(argv, environment, input: input, timeoutNs: timeoutNs)
            return child.wait(stop: stop)
        } catch {
            return .notRun(why: String(cString: strerror(error.code)))
        }
    }

    private init(
        pid: pid_t, ending: consuming Descriptor, timer: consuming Descriptor, pipe: consuming Descriptor
    ) {
        self.pid = pid
        self.ending = ending
        self.timer = timer
        self.pipe = pipe
    }

    private static func start(
        _ argv: [String], _ environment: [String], input: String, timeoutNs: Int64
    ) throws(SystemError) -> ChildProcess {
        let timer = try Descriptor(alerting_timer(timeoutNs))
        let bytes = Array(input.utf8)
        let inputFile = try Descriptor(alerting_memory_file(bytes, bytes.count))
        var ends: [Int32] = [-1, -1]
        let isPiped = alerting_pipe(&ends) == 0
        let readEnd = try Descriptor(isPiped ? ends[0] : -1)
        let writeEnd = try Descriptor(ends[1])
        var pid: pid_t = 0
        let code = withCStrings(argv) { argv in
            withCStrings(environment) { environment in
                alerting_spawn(&pid, argv, environment, inputFile.number, writeEnd.number)
            }
        }
        guard code == 0 else { throw SystemError(code: code) }
        let ending = alerting_open_pid(pid)
        guard ending >= 0 else {
            // Nobody could watch over it.
            let error = SystemError(code: errno)
            end(pid)
            throw error
        }
        return ChildProcess(pid: pid, ending: try Descriptor(ending), timer: timer, pipe: readEnd)
    }

    private mutating func wait(stop: StopSignal) -> Outcome {
        var waits = [ending.number, timer.number, stop.descriptor, pipe.number].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        while true {
            // Interrupted: nothing is ready, and the next round asks again.
            if poll(&waits, nfds_t(waits.count), -1) < 0 { continue }
            // A program in a flood of output must not outrun its end, so the output comes last.
            if waits[0].revents != 0 { return ended() }
            if waits[2].revents != 0 {
                ChildProcess.end(pid)
                return .stopped
            }
            if waits[1].revents != 0 {
                ChildProcess.end(pid)
                readOutput()
                return .timedOut(output: text)
            }
            // -1 is skipped by poll: the program has closed its output and goes on.
            if waits[3].revents != 0, !readOutput() { waits[3].fd = -1 }
        }
    }

    private mutating func ended() -> Outcome {
        var status: Int32 = 0
        // Fails when SIGCHLD was being ignored as we started: then nobody can say how it ended.
        guard waitpid(pid, &status, 0) == pid else { return .notRun(why: String(cString: strerror(errno))) }
        readOutput()
        // sys/wait.h: the signal in the low seven bits, else the exit code in the next eight.
        let signal = status & 0x7f
        return signal == 0
            ? .exited(code: status >> 8 & 0xff, output: text) : .killed(signal: signal, output: text)
    }

    /// Reads what is there, one buffer at most. False when the other end is closed.
    @discardableResult
    private mutating func readOutput() -> Bool {
        var buffer = [UInt8](repeating: 0, count: ChildProcess.outputBytesMax)
        let count = read(pipe.number, &buffer, buffer.count)
        if count > 0 { output += buffer.prefix(min(count, ChildProcess.outputBytesMax - output.count)) }
        return count != 0
    }

    private var text: String { String(decoding: output, as: UTF8.self) }

    /// Kills the process with its group and takes its status, so that no zombie stays.
    private static func end(_ pid: pid_t) {
        kill(-pid, SIGKILL)
        waitpid(pid, nil, 0)
    }
}

/// Lends `strings` as a C array that ends in NULL.
private func withCStrings<Value>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
) -> Value {
    let copies = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return copies.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("an array with a NULL at its end is not empty") }
        return body(base)
    }
}
