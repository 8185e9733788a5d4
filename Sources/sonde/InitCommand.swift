import ArgumentParser
import Config
import Glibc
import Vocabulary

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented starter configuration that runs as it is.",
        discussion: """
            Examples:
              sonde init                  into this folder
              sonde init /etc/sonde       into another; made when missing

            A file that is there already is left alone, and nothing is written then.
            """)

    @Argument(help: "The folder.")
    var folder = "."

    func run() throws {
        for file in StarterConfig.files where access(folder + "/" + file.path, F_OK) == 0 {
            throw Failure(.failed, "\(folder)/\(file.path) is there already; move it away or name another folder")
        }
        for file in StarterConfig.files {
            let path = folder + "/" + file.path
            try Folder.make(parentOf: path)
            // Configurations may come to hold secrets: for the owner alone.
            try Folder.write(file.text, to: path, mode: 0o600)
            Output.note("wrote \(path)")
        }
        let at = folder == "." ? "" : " --config \(folder)/sonde.yaml"
        Output.note("next: sonde validate\(at), then sonde run\(at)")
    }
}

/// Files that commands write.
enum Folder {
    static func make(parentOf path: String) throws {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/").dropLast() {
            made += part + "/"
            if mkdir(made, 0o755) != 0, errno != EEXIST {
                throw Failure(.failed, "cannot make the folder \(made): \(String(cString: strerror(errno)))")
            }
        }
    }

    /// Writes beside the path, then puts it in place: whoever reads it sees the old file or the new one.
    static func write(_ text: String, to path: String, mode: mode_t) throws {
        let beside = path + ".new"
        let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw Failure(.failed, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            bytes = bytes.dropFirst(count)
        }
        let isWhole = bytes.isEmpty && close(descriptor) == 0 && rename(beside, path) == 0
        guard isWhole else {
            let why = String(cString: strerror(errno))
            unlink(beside)
            throw Failure(.failed, "cannot write \(path): \(why)")
        }
    }
}
