from model_builder.cli import main

main()
