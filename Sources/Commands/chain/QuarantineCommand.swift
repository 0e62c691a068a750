import ChainNode
import Daemon
import JSONText
import Keys
import Primitives
import Storage

/// `chain quarantine`: explains what stopped a node with exit code 70, and what to do.
enum QuarantineCommand {
  static let clear = Option(
    flag: "clear", purpose: "Forget it, so that the next start tries again: after the program was replaced.")

  static let table = CommandDescription(
    "quarantine", purpose: "Explains the block or extrinsic that stopped a node with exit code 70.",
    options: StateCommand.options + [clear], example: "chain quarantine --state /tmp/chain")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let command = try StateCommand(arguments)
    let quarantine = Quarantine(folder: command.folder.path)
    let pending = try quarantine.pending()
    let notes = try quarantine.notes()
    if arguments[clear] {
      try quarantine.clear()
      let count = notes.count + (pending == nil ? 0 : 1)
      command.tell("forgot \(count) notes; the next start tries again", [JSONMember("cleared", JSONValue(count))])
      return .done
    }
    let sentences =
      notes.map { sentence($0, isPending: false) } + (pending.map { [sentence($0, isPending: true)] } ?? [])
    command.tell(
      sentences.isEmpty ? "nothing has stopped this node" : sentences.joined(separator: "\n"),
      [
        JSONMember("pending", pending.map { json($0) } ?? nil), JSONMember("refused", .list(notes.map { json($0) })),
      ])
    return .done
  }

  private static func sentence(_ note: PoisonNote, isPending: Bool) -> String {
    let subject = subject(of: note)
    switch (note.work, note.candidate) {
    case (.making, .some):
      return "\(subject) trapped while block \(note.height) was made; nothing of that block is stored, and "
        + (isPending ? "the next start refuses the extrinsic and goes on" : "the extrinsic is refused since")
        + "; report it, and forget it with --clear after the program was replaced"
    case (.making, nil):
      return
        "\(subject) trapped while block \(note.height) was made; nothing of that block is stored and all before it "
        + "is; install a program in which this is mended, then forget it with --clear"
    case (.replaying, _):
      return "\(subject) trapped while the stored block \(note.height) was executed again; install a program in which "
        + "this is mended and forget it with --clear, or restore a backup that ends before block \(note.height)"
    }
  }

  private static func subject(of note: PoisonNote) -> String {
    guard let candidate = note.candidate else { return "the step of the block itself" }
    let body = candidate.extrinsic.body
    return "extrinsic \(candidate.extrinsic.id) (\(candidate.callName) by \(body.signer.address), nonce "
      + "\(body.nonce))"
  }

  private static func json(_ note: PoisonNote) -> JSONValue {
    var members = [
      JSONMember("height", JSONValue(note.height.value)),
      JSONMember("stored", .flag(note.work == .replaying)),
    ]
    if let candidate = note.candidate {
      members += [
        JSONMember("extrinsic", JSONValue(candidate.extrinsic.id.description)),
        JSONMember("call", JSONValue(candidate.callName)),
        JSONMember("signer", JSONValue(candidate.extrinsic.body.signer.address)),
        JSONMember("nonce", JSONValue(candidate.extrinsic.body.nonce)),
      ]
    }
    return .object(members)
  }
}
