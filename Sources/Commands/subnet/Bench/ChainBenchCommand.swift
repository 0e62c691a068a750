import Benchmarks
import Daemon
import Glibc
import JSONText
import Localnet
import Transport
import ZeroMQTransport

/// `subnet bench chain`: what a chain process of this installation carries on this machine.
enum ChainBenchCommand {
  static let seconds = Option("seconds", .integer(1...600), default: 6, purpose: "Time under load.")
  static let clients = Option("clients", .integer(1...128), default: 12, purpose: "Clients that load the chain.")
  static let blockTime = Option(
    "block-time", .duration(.milliseconds(10) ... .seconds(12)), default: .milliseconds(100),
    purpose: "Time between blocks.")
  static let rude = Option(flag: "rude", purpose: "Clients send again at once what was refused: overload.")
  static let table = CommandDescription(
    "chain", purpose: "Measure extrinsics included a second, against signatures verified a second.",
    options: [seconds, clients, blockTime, rude, YumaTable.json], example: "subnet bench chain --seconds 10")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let folder = try StateFolder.temporary()
    defer { removeFolder(folder.path) }
    var benchmark = ChainBenchmark(executable: folderOfThisProgram() + "/chain", folder: folder.path)
    benchmark.duration = .seconds(arguments[seconds])
    benchmark.clients = arguments[clients]
    benchmark.blockTime = arguments[blockTime]
    benchmark.isRude = arguments[rude]
    let result = try await benchmark.run { try await ZeroMQNode.start(keys: .fresh()) }
    Terminal.standardOutput.write((arguments[YumaTable.json] ? result.json.compactText : result.text) + "\n")
    return .done
  }
}

/// Removes a folder of this program's own making with all that is in it; links are not followed.
private func removeFolder(_ path: String) {
  if let folder = opendir(path) {
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name != ".", name != ".." else { continue }
      let inner = path + "/" + name
      if entry.pointee.d_type == UInt8(DT_DIR) { removeFolder(inner) } else { unlink(inner) }
    }
    closedir(folder)
  }
  rmdir(path)
}
