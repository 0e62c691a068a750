import Daemon
import JSONText
import Ledger
import Neurons
import Primitives
import Wallets
import Wire

/// `subnet query NAME`: any question of the protocol, with the answer as JSON; made from the schema.
enum QueryCommand {
  static let block = Option<UInt64?>(
    optional: "at-block", .integer(0...UInt64.max), purpose: "The block to read at; the newest without it.")

  /// What is no question.
  private static let excluded: Set<String> = ["submit", "submit_and_wait"]

  static let table = CommandDescription(
    "query", purpose: "Ask the chain anything and print the answer as JSON.",
    commands: members.map { command(for: $0) }, example: "subnet query metagraph --netuid 1")

  private static let members = MessageName.queryRequest.fields.filter { $0.isOneof && !excluded.contains($0.name) }

  private static func command(for member: MessageField) -> CommandDescription {
    CommandDescription(
      kebab(member.name), purpose: "Ask for \(member.name.map { $0 == "_" ? " " : String($0) }.joined()).",
      options: FieldOptions(fields(of: member), requiresValues: false).options + [block] + ChainOptions.besideFields,
      example: "subnet query \(kebab(member.name))")
  }

  private static func fields(of member: MessageField) -> [FieldText] {
    guard case .message(let message) = member.kind else { return [] }
    return message.fields.map { FieldText(field: $0, description: nil) }
  }

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    guard let member = members.first(where: { kebab($0.name) == arguments.command.last }) else {
      preconditionFailure("the table lists a query for each of its members")
    }
    let context = FieldContext(
      wallets: try? WalletStore(home: homeFolder()), parameterName: nil)
    let options = FieldOptions(fields(of: member), requiresValues: false)
    let given = try options.fields(in: arguments, context: context)
    let block = arguments[block].map { BlockNumber($0) }
    let answer = try await ChainOptions.withClient(arguments) { client in
      try await client.ask(member.name, given, at: block)
    }
    let document: JSONValue = [
      "query": .text(member.name), "at_block": JSONValue(answer.block.value),
      "answer": answer.fields.map { FieldsJSON.value($0) } ?? .null,
    ]
    Terminal.standardOutput.write(document.prettyText + "\n")
    return .done
  }
}

/// `limit_price` as `limit-price`.
func kebab(_ name: String) -> String { String(name.map { $0 == "_" ? "-" : $0 }) }
