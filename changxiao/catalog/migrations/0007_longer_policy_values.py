"""A list of sub-categories or of days is one value; eighty characters hold five of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_photos_of_a_public_rule")]

    operations = [
        migrations.AlterField(
            model_name="citypolicy",
            name="value",
            field=models.CharField(max_length=2000, verbose_name="取值"),
        ),
    ]
