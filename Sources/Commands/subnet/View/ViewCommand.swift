import Daemon
import JSONText
import Keys
import Localnet
import Neurons
import Primitives

/// `subnet view`: a subnet's neurons, once or with every block.
enum ViewCommand {
  static let netuid = Option("netuid", .integer(UInt16(0)...4095), default: 1, purpose: "The subnet.")
  static let follow = Option(flag: "follow", letter: "f", purpose: "Show it again with every block, until stopped.")
  static let json = Option(flag: "json", purpose: "One JSON object a line.")
  static let table = CommandDescription(
    "view", purpose: "Show the neurons of a subnet on a running chain.",
    options: [netuid, follow] + ChainOptions.all + [json], example: "subnet view")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let netuid = NetUID(arguments[netuid])
    return try await ChainOptions.withClient(arguments) { client in
      let terminal = Terminal.standardOutput
      var view = LiveView(terminal)
      var heads = HeadFollower(of: client)
      repeat {
        let head = try await heads.next()
        guard let metagraph = try await client.metagraph(of: netuid) else {
          throw CommandMistake("there is no subnet \(netuid) at block \(head.number); try another --netuid")
        }
        if arguments[json] {
          terminal.write(document(metagraph).compactText + "\n")
        } else if arguments[follow] {
          view.show(
            lines(metagraph, width: terminal.width), summary: lines(metagraph, width: .max).joined(separator: "\n"))
        } else {
          // What is shown once can be scrolled: nothing is left out.
          terminal.write(lines(metagraph, width: .max).joined(separator: "\n") + "\n")
        }
      } while arguments[follow]
      return .done
    }
  }

  private static func lines(_ metagraph: MetagraphView, width: Int) -> [String] {
    var table = TextTable([
      .init("uid", .trailing), .init("hotkey"), .init("stake", .trailing, rank: 1), .init("permit", rank: 4),
      .init("incentive", .trailing), .init("dividends", .trailing, rank: 3), .init("consensus", .trailing, rank: 6),
      .init("trust", .trailing, rank: 7), .init("emission", .trailing, rank: 2),
      .init("updated", .trailing, rank: 5), .init("axon", rank: 8),
    ])
    for neuron in metagraph.neurons {
      table.append([
        neuron.uid.description, knownName(neuron.hotkey) ?? neuron.hotkey.account.address,
        shortAmount(neuron.alphaStake), neuron.validatorPermit ? "yes" : "", percent(neuron.incentive),
        percent(neuron.dividends), percent(neuron.consensus), percent(neuron.validatorTrust),
        shortAmount(neuron.emission), neuron.lastUpdate.description,
        neuron.axon.isServing ? text(neuron.axon) : "-",
      ])
    }
    let next = metagraph.nextEpochBlock.map { ", next epoch at block \($0)" } ?? ""
    return [
      "Subnet \(metagraph.netuid), block \(metagraph.block): \(metagraph.neurons.count) neurons, "
        + "epoch \(metagraph.epochIndex)\(next)"
    ] + table.lines(width: width)
  }

  private static func text(_ axon: AxonView) -> String {
    axon.ip.map { String($0) }.joined(separator: ".") + ":\(axon.port)"
  }

  /// `//miner-1` for a development key of a local network.
  private static func knownName(_ hotkey: Hotkey) -> String? { DevelopmentNames.byAccount[hotkey.account] }

  private static func document(_ metagraph: MetagraphView) -> JSONValue {
    [
      "netuid": JSONValue(metagraph.netuid.value), "block": JSONValue(metagraph.block.value),
      "epoch": JSONValue(metagraph.epochIndex),
      "next_epoch_block": metagraph.nextEpochBlock.map { JSONValue($0.value) } ?? .null,
      "neurons": .list(metagraph.neurons.map(document)),
    ]
  }

  private static func document(_ neuron: NeuronView) -> JSONValue {
    [
      "uid": JSONValue(neuron.uid.value), "hotkey": .text(neuron.hotkey.account.address),
      "coldkey": .text(neuron.coldkey.account.address), "stake_rao": JSONValue(neuron.alphaStake),
      "validator_permit": .flag(neuron.validatorPermit), "active": .flag(neuron.isActive),
      "incentive": JSONValue(neuron.incentive), "dividends": JSONValue(neuron.dividends),
      "consensus": JSONValue(neuron.consensus), "validator_trust": JSONValue(neuron.validatorTrust),
      "emission_rao": JSONValue(neuron.emission), "last_update": JSONValue(neuron.lastUpdate.value),
      "axon": neuron.axon.isServing ? .text(text(neuron.axon)) : .null,
    ]
  }
}
