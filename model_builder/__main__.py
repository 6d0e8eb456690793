from model_builder.cli.app import main

main()
