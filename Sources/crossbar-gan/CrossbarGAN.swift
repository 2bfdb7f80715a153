import CProcessor
import Commands

@main
struct CrossbarGAN {
  static func main() {
    // Before anything else: an instruction that is missing ends a program without a word.
    processor_require(processor_instructions_of_build())
    RootCommand.runAndExit()
  }
}
