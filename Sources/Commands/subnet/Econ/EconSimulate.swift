import Daemon
import Glibc
import JSONText
import Ledger
import Market
import Primitives
import VectorFiles

/// `subnet econ simulate`: the ledger alone, at full speed, over a scripted market.
enum EconSimulate {
  static let blocks = Option(required: "blocks", .integer(UInt64(1)...1_000_000_000), purpose: "Blocks to run.")
  static let scenario = Option(
    required: "scenario", .path, purpose: "The market's script; 'subnet econ sample' prints one to begin with.")
  static let every = Option<UInt64?>(
    optional: "every", .integer(1...1_000_000_000),
    purpose: "Blocks between two samples; a thousandth of the run without it.")
  static let json = Option(flag: "json", purpose: "One JSON object a sample instead of CSV, amounts in rao.")
  static let output = Option<String?>(
    optional: "output", .path, purpose: "Write the samples to this file instead of standard output.")
  static let table = CommandDescription(
    "simulate", purpose: "Run the ledger alone over a scripted market and write its figures over time.",
    options: [blocks, scenario, every, json, output],
    example: "subnet econ simulate --blocks 12000 --scenario market.json --output market.csv")

  static func run(_ arguments: ParsedArguments) throws -> ExitCode {
    let path = arguments[scenario]
    let market: MarketScenario
    do {
      market = try MarketScenario(JSONFile.read(path))
    } catch let mistake as MarketError {
      throw CommandMistake("\(path): \(mistake)")
    }
    let sink = try SampleSink(path: arguments[output])
    let blocks = arguments[blocks]
    let series = MarketSeries(arguments[json] ? .jsonLines : .csv)
    var simulation = MarketSimulation(market, host: .offline)
    try sink.write(series.heading)
    var bar = ProgressLine(of: blocks)
    defer { bar.clear() }
    try simulation.run(
      blocks: blocks, sampling: arguments[every] ?? max(blocks / 1000, 1),
      progress: { done in
        bar.show(done)
        return !Task.isCancelled
      },
      each: { try sink.write(series.lines(of: $0)) })
    bar.clear()
    for line in MarketSeries.summary(of: simulation) { Terminal.standardError.write(line + "\n") }
    if let broken = simulation.state.brokenInvariant() { throw BrokenBooks(what: broken) }
    return .done
  }
}

/// The books of a simulation do not close.
private struct BrokenBooks: ExitCoding, CustomStringConvertible {
  let what: String

  var exitCode: ExitCode { .invariantBroken }
  var description: String { "an invariant is broken: \(what); keep the scenario and report it" }
}

/// Where samples go: a file, or standard output.
private final class SampleSink {
  private let descriptor: Int32
  private let name: String

  init(path: String?) throws {
    name = path ?? "standard output"
    descriptor = path.map { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) } ?? STDOUT_FILENO
    if descriptor < 0 { throw CommandMistake("\(name) cannot be written: \(String(cString: strerror(errno)))") }
  }

  deinit {
    if descriptor != STDOUT_FILENO { close(descriptor) }
  }

  func write(_ text: String) throws {
    guard writeAll(Array(text.utf8), to: descriptor) else {
      throw SampleLoss(name: name, reason: String(cString: strerror(errno)))
    }
  }
}

/// A sample that could not be written.
private struct SampleLoss: ExitCoding, CustomStringConvertible {
  let name: String
  let reason: String

  var exitCode: ExitCode { .storage }
  var description: String { "\(name) takes no more samples: \(reason)" }
}
