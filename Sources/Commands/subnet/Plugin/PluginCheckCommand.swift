import Daemon
import JSONText
import Plugins

/// `subnet plugin check`: whether a program is fit to be a plugin, and what to fix.
enum PluginCheckCommand {
  static let options = Option(
    repeating: "option", .text("NAME=VALUE", expected: "name=value"), purpose: "Option of the mechanism.")
  static let rounds = Option("rounds", .integer(1...100_000), default: 100, purpose: "Rounds that it must survive.")
  static let json = Option(flag: "json", purpose: "Write the verdict as JSON.")
  static let verbose = Option(flag: "verbose", purpose: "Show what the program writes to standard error.")
  static let table = CommandDescription(
    "check", purpose: "Try whether a program is a sound plugin, in both roles and against hostile answers.",
    options: [options, rounds, json, verbose] + PluginOptions.all,
    positionals: [
      .init("PATH", purpose: "The program."),
      .init("ARG", purpose: "Its arguments, after --.", isRequired: false, isRepeating: true),
    ],
    example: "subnet plugin check ./sums.py")
  static let plugin = CommandDescription(
    "plugin", purpose: "Work with mechanisms that run as programs of their own.", commands: [table],
    example: "subnet plugin check ./sums.py")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let program = try Plugins.PluginProgram(
      arguments.positionals[0], arguments: Array(arguments.positionals.dropFirst()))
    let log = Logger.standardError(name: "plugin", level: arguments[verbose] ? .info : .error)
    let check = PluginCheck(
      program, options: arguments[options], limits: PluginOptions.limits(arguments),
      access: PluginOptions.access(arguments, hiding: []), log: log, rounds: arguments[rounds])
    let isJSON = arguments[json]
    let verdict = await check.run { finding in
      if !isJSON { Terminal.standardOutput.write(PluginVerdictText.line(of: finding)) }
    }
    let text = isJSON ? verdict.json.compactText + "\n" : PluginVerdictText.summary(of: verdict)
    Terminal.standardOutput.write(text)
    return verdict.isPassed ? .done : .failed
  }
}

/// A verdict as people read it.
enum PluginVerdictText {
  /// One line, and a second with what to fix.
  static func line(of finding: PluginFinding) -> String {
    let terminal = Terminal.standardOutput
    switch finding.outcome {
    case .passed(let detail):
      return "  \(terminal.coloured("ok", .green))    \(finding.name)" + (detail.isEmpty ? "" : ": \(detail)") + "\n"
    case .failed(let what, let advice):
      let shown = escapedText(what, limit: 1000)
      return "  \(terminal.coloured("FAIL", .red))  \(finding.name): \(shown)\n        to fix: \(advice)\n"
    case .skipped: return "  \(terminal.coloured("--", .faint))    \(finding.name): not tried\n"
    }
  }

  static func summary(of verdict: PluginVerdict) -> String {
    var text = ""
    if let words = verdict.policyWords {
      text +=
        "  policy: \(words.isEmpty ? "as by default" : words.map { escapedText($0, limit: 300) }.joined(separator: "; "))\n"
    }
    if !verdict.missingProtections.isEmpty { text += "  note  \(verdict.missingProtections)\n" }
    if verdict.score.count > 0 {
      let calls = [("task", verdict.task), ("forward", verdict.forward), ("score", verdict.score)]
      let times = calls.map { "\($0) \($1.median.microsecondText) (longest \($1.longest.microsecondText))" }
      text += "  time a call: \(times.joined(separator: ", "))\n"
    }
    let failures = verdict.findings.filter { $0.isFailure }.count
    return text
      + (verdict.isPassed
        ? "passed: all \(verdict.findings.count) checks\n"
        : "failed: \(failures) of \(verdict.findings.count) checks\n")
  }
}

extension PluginVerdict {
  /// The verdict as one object.
  fileprivate var json: JSONValue {
    let rows = findings.map { finding -> JSONValue in
      switch finding.outcome {
      case .passed(let detail): ["check": .text(finding.name), "outcome": "passed", "detail": .text(detail)]
      case .failed(let what, let advice):
        ["check": .text(finding.name), "outcome": "failed", "detail": .text(what), "advice": .text(advice)]
      case .skipped: ["check": .text(finding.name), "outcome": "skipped"]
      }
    }
    return [
      "passed": .flag(isPassed), "mechanism": greeting.map { .text($0.name) } ?? .null,
      "version": greeting.map { JSONValue($0.version) } ?? .null,
      "policy": policyWords.map { .list($0.map { .text($0) }) } ?? .null, "protections": .text(protections),
      "missing_protections": .text(missingProtections), "checks": .list(rows),
      "microseconds": ["task": task.json, "forward": forward.json, "score": score.json],
    ]
  }
}

extension CallTimes {
  fileprivate var json: JSONValue {
    ["median": JSONValue(median.wholeMicroseconds), "longest": JSONValue(longest.wholeMicroseconds)]
  }
}

extension Duration {
  fileprivate var wholeMicroseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }

  fileprivate var microsecondText: String {
    let count = wholeMicroseconds
    return count < 1000 ? "\(count) us" : "\(count / 1000).\(count / 100 % 10) ms"
  }
}
