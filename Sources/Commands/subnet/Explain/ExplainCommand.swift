import Daemon
import JSONText
import Ledger

/// `subnet explain`: what an error of the chain means, and what to do.
enum ExplainCommand {
  static let json = Option(flag: "json", purpose: "As a JSON object.")
  static let table = CommandDescription(
    "explain", purpose: "Say what an error of the chain means and what to do about it.", options: [json],
    positionals: [
      .init("ERROR", purpose: "A name such as NotSubnetOwner or its number; all without it.", isRequired: false)
    ],
    example: "subnet explain SettingWeightsTooFast")

  static func run(_ arguments: ParsedArguments) throws -> ExitCode {
    let output = Terminal.standardOutput
    guard let wanted = arguments.positionals.first else {
      var table = TextTable([.init("number", .trailing), .init("name"), .init("meaning")])
      for code in LedgerErrorCode.allCases { table.append(["\(code.rawValue)", code.name, code.meaning]) }
      if arguments[json] {
        output.write(JSONValue.list(LedgerErrorCode.allCases.map(document)).compactText + "\n")
      } else {
        output.write(table.lines().joined(separator: "\n") + "\n")
      }
      return .done
    }
    guard let code = UInt16(wanted).flatMap(LedgerErrorCode.init(rawValue:)) ?? named(wanted) else {
      let meant = nearestName(to: wanted, in: LedgerErrorCode.allCases.map(\.name))
      throw CommandMistake(
        "there is no error \"\(escapedText(wanted, limit: 80))\"" + (meant.map { "; did you mean \"\($0)\"?" } ?? ";")
          + " 'subnet explain' without a name lists them all")
    }
    if arguments[json] {
      output.write(document(code).compactText + "\n")
    } else {
      output.write(
        "\(code.name) (\(code.rawValue))\n  meaning: \(code.meaning)\n  remedy:  \(code.remedy)\n  "
          + "cured by: \(cure(code.curedBy))\n")
    }
    return .done
  }

  /// By the protocol's name, in any case.
  private static func named(_ text: String) -> LedgerErrorCode? {
    LedgerErrorCode.allCases.first { $0.name.lowercased() == text.lowercased() }
  }

  private static func cure(_ cure: LedgerErrorCode.Cure) -> String {
    switch cure {
    case .time: "time: the same call passes later by itself"
    case .others: "others: only somebody else's action or the market changes it"
    case .caller: "you: the call must change"
    }
  }

  private static func document(_ code: LedgerErrorCode) -> JSONValue {
    [
      "number": JSONValue(code.rawValue), "name": .text(code.name), "meaning": .text(code.meaning),
      "remedy": .text(code.remedy), "cured_by": .text("\(code.curedBy)"),
    ]
  }
}
