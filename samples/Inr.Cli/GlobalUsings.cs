global using Text = Inr.Evaluation.ReportText;
