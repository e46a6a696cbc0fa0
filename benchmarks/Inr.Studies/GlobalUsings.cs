global using Inr.Evaluation;
global using Text = Inr.Evaluation.ReportText;
